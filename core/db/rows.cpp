#include "db/rows.hpp"

#include "base/utf8.hpp"
#include "db/binary_row.hpp"
#include "db/error.hpp"
#include "db/statement.hpp"

namespace livechat::db {
namespace {

[[noreturn]] void refuse(unsigned column, const char* what) {
    throw Error(ErrorKind::other, 0, "column " + std::to_string(column) + " is no " + what);
}

}  // namespace

Rows::Rows(std::shared_ptr<Statement> statement) : statement_(std::move(statement)) {}

Rows::~Rows() {
    if (statement_) statement_->forget_rows();
}

bool Rows::next() { return statement_->next(); }

bool Rows::is_null(unsigned column) const { return statement_->cell(column).is_null; }

std::uint64_t Rows::integer(unsigned column) const {
    const Cell& cell = statement_->cell(column);
    if (cell.encoding == Encoding::time) refuse(column, "number");
    return cell.is_null ? 0 : read_integer(cell.bytes, cell.encoding);
}

std::string_view Rows::word(unsigned column) const {
    const Cell& cell = statement_->cell(column);
    if (cell.is_null) return {};
    if (cell.encoding != Encoding::text) refuse(column, "text");
    return cell.bytes;
}

std::string Rows::text(unsigned column) const { return well_formed(word(column)); }

std::optional<std::string> Rows::optional_text(unsigned column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::string Rows::time(unsigned column) const {
    const Cell& cell = statement_->cell(column);
    const bool is_time = cell.encoding == Encoding::time || cell.encoding == Encoding::text;
    if (cell.is_null || !is_time) refuse(column, "time");
    return read_time(cell.bytes, cell.encoding);
}

}  // namespace livechat::db
