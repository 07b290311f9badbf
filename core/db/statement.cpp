#include "db/statement.hpp"

#include <new>
#include <string>

#include "db/error_codes.hpp"

namespace livechat::db {
namespace {

Encoding encoding_of(const MYSQL_FIELD& field) {
    const bool is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
    switch (field.type) {
        case MYSQL_TYPE_NULL:
            return Encoding::nothing;
        case MYSQL_TYPE_TINY:
            return is_unsigned ? Encoding::uint8 : Encoding::int8;
        case MYSQL_TYPE_SHORT:
        case MYSQL_TYPE_YEAR:
            return is_unsigned ? Encoding::uint16 : Encoding::int16;
        case MYSQL_TYPE_INT24:
        case MYSQL_TYPE_LONG:
            return is_unsigned ? Encoding::uint32 : Encoding::int32;
        case MYSQL_TYPE_LONGLONG:
            return is_unsigned ? Encoding::uint64 : Encoding::int64;
        case MYSQL_TYPE_DATE:
        case MYSQL_TYPE_DATETIME:
        case MYSQL_TYPE_TIMESTAMP:
            return Encoding::time;
        case MYSQL_TYPE_DECIMAL:
        case MYSQL_TYPE_NEWDECIMAL:
        case MYSQL_TYPE_VARCHAR:
        case MYSQL_TYPE_VAR_STRING:
        case MYSQL_TYPE_STRING:
        case MYSQL_TYPE_ENUM:
        case MYSQL_TYPE_SET:
        case MYSQL_TYPE_JSON:
        case MYSQL_TYPE_TINY_BLOB:
        case MYSQL_TYPE_MEDIUM_BLOB:
        case MYSQL_TYPE_LONG_BLOB:
        case MYSQL_TYPE_BLOB:
            return Encoding::text;
        default:
            throw Error(ErrorKind::other, 0,
                        "column " + std::string(field.name) + " is of a type that is not read");
    }
}

}  // namespace

Statement::Statement(MYSQL& connection, std::string_view sql)
    : statement_(mysql_stmt_init(&connection)) {
    if (!statement_) throw std::bad_alloc();
    mysql_stmt_attr_set(statement_, STMT_ATTR_CB_USER_DATA, this);
    mysql_stmt_attr_set(statement_, STMT_ATTR_CB_RESULT,
                        reinterpret_cast<const void*>(&Statement::take_cell));
    if (mysql_stmt_prepare(statement_, sql.data(), sql.size()) != 0) {
        const auto error =
            counted_error(mysql_stmt_errno(statement_), mysql_stmt_error(statement_));
        mysql_stmt_close(statement_);
        throw error;
    }
    values_.resize(mysql_stmt_param_count(statement_));
}

Statement::~Statement() { mysql_stmt_close(statement_); }

void Statement::execute(std::span<const Value> values) {
    bind(values);
    if (mysql_stmt_execute(statement_) != 0) fail();
    // MySQL 5.6 tells the columns of a SHOW only here.
    cells_.resize(mysql_stmt_field_count(statement_));
    if (cells_.empty()) return;
    if (mysql_stmt_store_result(statement_) != 0) fail();
    read_encodings();
}

std::uint64_t Statement::matched() const { return mysql_stmt_affected_rows(statement_); }

bool Statement::next() {
    const int outcome = mysql_stmt_fetch(statement_);
    if (outcome == 0) return true;
    if (outcome == MYSQL_NO_DATA) return false;
    fail();
}

void Statement::forget_rows() noexcept {
    if (mysql_stmt_num_rows(statement_) == 0) return;
    // The library takes a result whose last row was fetched for one that it has freed.
    mysql_stmt_data_seek(statement_, 0);
    mysql_stmt_free_result(statement_);
}

// The library's callback for each value of a row, from the first column to the last; row: none for
// NULL, otherwise where the value begins, to be moved behind it.
void Statement::take_cell(void* statement, unsigned column, unsigned char** row) {
    Cell& cell = static_cast<Statement*>(statement)->cells_[column];
    cell.is_null = row == nullptr;
    if (cell.is_null) return;
    const unsigned char* at = *row;
    cell.bytes = take_value(at, cell.encoding);
    *row += at - *row;
}

void Statement::bind(std::span<const Value> values) {
    if (values.size() != values_.size()) {
        throw Error(ErrorKind::other, 0,
                    "a statement with " + std::to_string(values_.size()) + " placeholders got " +
                        std::to_string(values.size()) + " values");
    }
    if (values.empty()) return;
    for (std::size_t i = 0; i < values.size(); ++i) {
        MYSQL_BIND& bound = values_[i] = {};
        // The library's struct serves both directions, so what it only reads is not const there.
        if (const auto* text = std::get_if<std::string_view>(&values[i])) {
            bound.buffer_type = MYSQL_TYPE_STRING;
            bound.buffer = const_cast<char*>(text->data());
            bound.buffer_length = text->size();
        } else if (const auto* number = std::get_if<std::uint64_t>(&values[i])) {
            bound.buffer_type = MYSQL_TYPE_LONGLONG;
            bound.buffer = const_cast<std::uint64_t*>(number);
            bound.is_unsigned = 1;
        } else {
            bound.buffer_type = MYSQL_TYPE_NULL;
        }
    }
    if (mysql_stmt_bind_param(statement_, values_.data()) != 0) fail();
}

// Each time: another type of a placeholder, and an ALTER TABLE, change those of columns.
void Statement::read_encodings() {
    const MYSQL_FIELD* const fields = mariadb_stmt_fetch_fields(statement_);
    for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].encoding = encoding_of(fields[i]);
}

void Statement::fail() const {
    throw counted_error(mysql_stmt_errno(statement_), mysql_stmt_error(statement_));
}

}  // namespace livechat::db
