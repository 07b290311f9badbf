#include "schema/script.hpp"

#include <algorithm>
#include <cctype>

namespace livechat::admin {
namespace {

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

class Splitter {
  public:
    explicit Splitter(std::string_view script) : rest_(script) {}

    std::vector<Statement> split() {
        while (!rest_.empty()) {
            if (statement_.line == 0 && take_delimiter_line()) continue;
            if (take_comment()) continue;
            if (rest_.starts_with(delimiter_)) {
                finish();
                advance(delimiter_.size(), false);
                continue;
            }
            const char c = rest_.front();
            if (c == '\'' || c == '"' || c == '`') {
                take_quoted(c);
            } else {
                if (!is_blank(c)) begin();
                advance(1, statement_.line != 0);
            }
        }
        finish();
        return std::move(statements_);
    }

  private:
    void begin() {
        if (statement_.line == 0) statement_.line = line_;
    }

    void advance(std::size_t count, bool keep) {
        const auto part = rest_.substr(0, count);
        line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
        if (keep) statement_.text += part;
        rest_.remove_prefix(part.size());
    }

    void finish() {
        if (statement_.line != 0) {
            while (!statement_.text.empty() && is_blank(statement_.text.back()))
                statement_.text.pop_back();
            statements_.push_back(std::move(statement_));
        }
        statement_ = {};
    }

    bool take_delimiter_line() {
        constexpr std::string_view kWord = "delimiter ";
        if (rest_.size() < kWord.size() || lower(rest_.substr(0, kWord.size())) != kWord)
            return false;
        const auto end = rest_.find('\n');
        auto word = rest_.substr(0, end);
        word.remove_prefix(kWord.size());
        while (!word.empty() && is_blank(word.back())) word.remove_suffix(1);
        while (!word.empty() && is_blank(word.front())) word.remove_prefix(1);
        if (word.empty()) refuse("DELIMITER names none");
        delimiter_ = word;
        advance(std::min(end, rest_.size()), false);
        return true;
    }

    bool take_comment() {
        std::size_t end = 0;
        if (rest_.starts_with("/*")) {
            end = rest_.find("*/", 2);
            if (end == std::string_view::npos) refuse("a comment is not closed");
            end += 2;
        } else if (rest_.front() == '#' || rest_.starts_with("-- ") || rest_.starts_with("--\n") ||
                   rest_ == "--") {
            end = std::min(rest_.find('\n'), rest_.size());
        } else {
            return false;
        }
        advance(end, statement_.line != 0);
        return true;
    }

    void take_quoted(char quote) {
        begin();
        std::size_t end = 1;
        for (;; ++end) {
            if (end >= rest_.size()) refuse("a string or a quoted name is not closed");
            if (rest_[end] == '\\' && quote != '`') {
                ++end;
            } else if (rest_[end] == quote) {
                break;  // a doubled one begins the next string, which comes to the same
            }
        }
        advance(end + 1, true);
    }

    [[noreturn]] void refuse(const std::string& what) const {
        throw ScriptError("line " + std::to_string(line_) + ": " + what);
    }

    std::string_view rest_;
    std::string delimiter_ = ";";
    std::size_t line_ = 1;
    Statement statement_;
    std::vector<Statement> statements_;
};

// The next word of SQL, in lower case, without the quotes around a name; comments are not looked
// for.
std::string next_word(std::string_view& text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    std::size_t end = 0;
    while (end < text.size() && !is_blank(text[end]) && text[end] != '(' && text[end] != ';') ++end;
    std::string word = lower(text.substr(0, end));
    text.remove_prefix(end);
    std::erase(word, '`');
    return word;
}

}  // namespace

std::vector<Statement> split_statements(std::string_view script) {
    return Splitter(script).split();
}

NamedObject named_object(std::string_view statement) {
    const auto verb = next_word(statement);
    if (verb != "create" && verb != "drop") return {};
    auto kind = next_word(statement);
    if (kind != "trigger" && kind != "procedure" && kind != "function") return {};
    auto name = next_word(statement);
    if (name == "if") {  // IF [NOT] EXISTS
        while (name == "if" || name == "not" || name == "exists") name = next_word(statement);
    }
    return {verb == "create", std::move(kind), std::move(name)};
}

}  // namespace livechat::admin
