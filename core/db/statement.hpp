// A prepared statement of the client library: values in, rows out. Connection keeps these.
//
// Neither way copies a value: the library sends a placeholder's from where the caller has it, and
// calls back for each value of a row with the place where that lies in the bytes that were received
// (STMT_ATTR_CB_RESULT).
#pragma once

#include <mysql.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "db/binary_row.hpp"
#include "db/value.hpp"

namespace livechat::db {

// One value of the current row.
struct Cell {
    std::string_view bytes;
    Encoding encoding = Encoding::nothing;
    bool is_null = true;
};

class Statement {
  public:
    // Throws Error, as execute() does. The connection must outlive all calls but cell(),
    // forget_rows() and the destructor.
    Statement(MYSQL& connection, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Runs it and receives all rows that it answers.
    void execute(std::span<const Value> values);
    // How many rows an INSERT, UPDATE or DELETE matched.
    std::uint64_t matched() const;

    // The next row becomes the current one; false: there is none.
    bool next();
    // Of the current row; columns count from 1.
    const Cell& cell(unsigned column) const { return cells_.at(column - 1); }
    // Gives back the memory that they take.
    void forget_rows() noexcept;

  private:
    static void take_cell(void* statement, unsigned column, unsigned char** row);
    void bind(std::span<const Value> values);
    void read_encodings();
    [[noreturn]] void fail() const;

    MYSQL_STMT* statement_;
    std::vector<MYSQL_BIND> values_;
    std::vector<Cell> cells_;
};

}  // namespace livechat::db
