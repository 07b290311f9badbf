// SQL of what is known of visitors (sql/migrations, table visitor). Throws db::Error.
#pragma once

#include "db/connection.hpp"
#include "db/session_repository.hpp"
#include "domain/visitor.hpp"

namespace livechat::db {

class VisitorRepository {
  public:
    explicit VisitorRepository(Connection& connection) : connection_(connection) {}

    // Adds to what is known of the session's visitor.
    void save(SessionId session_id, const Visitor& visitor);

  private:
    Connection& connection_;
};

}  // namespace livechat::db
