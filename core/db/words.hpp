// Words in the database that this version does not know: a newer version, or an unknown hand, may
// write them. Such a word never turns into one that is known: what it describes reaches no one.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

namespace livechat::db {

// Counts the word (Figures::unknown_words), and logs it when this process sees it first. Any
// thread. column: "table.column".
void note_unknown(std::string_view column, std::string_view word);

// What parse(word) makes of it, which may be anything that converts to bool; none if it does not
// know the word, which is noted.
template <class Parse>
auto read_word(std::string_view column, std::string_view word, Parse parse) {
    const auto known = parse(word);
    using Word = std::decay_t<decltype(*known)>;
    if (known) return std::optional<Word>(*known);
    note_unknown(column, word);
    return std::optional<Word>();
}

}  // namespace livechat::db
