// What a query answers, row by row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace livechat::db {

class Statement;

// The rows of a query, all of them already here, in the client library's memory. Columns count from
// 1. Whatever else its connection does meanwhile, they stay; but once the connection is given up,
// there is no next one. A column that is read as what it is not is an Error of kind other.
class Rows {
  public:
    explicit Rows(std::shared_ptr<Statement> statement);
    Rows(Rows&&) noexcept = default;
    ~Rows();

    bool next();
    bool is_null(unsigned column) const;
    // NULL is 0, and a negative number its two's complement.
    std::uint64_t integer(unsigned column) const;
    // NULL is empty. Well-formed UTF-8, whatever was stored: U+FFFD stands for each byte that is
    // not, because what is read here goes to clients, and one bad byte ends a WebSocket.
    std::string text(unsigned column) const;
    // As it was stored: for words of ours and for binary columns. word() is good until next().
    std::string_view word(unsigned column) const;
    std::string bytes(unsigned column) const { return std::string(word(column)); }
    std::optional<std::string> optional_text(unsigned column) const;
    // A DATETIME(3) in UTC as RFC 3339: "2025-03-10T12:00:00.000Z".
    std::string time(unsigned column) const;

  private:
    std::shared_ptr<Statement> statement_;
};

}  // namespace livechat::db
