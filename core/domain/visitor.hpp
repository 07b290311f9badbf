// What agents are told of a visitor: where he is, what he uses, who he says he is. It comes with
// `initialize` and is never trusted: text that a stranger chose.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/failure.hpp"

namespace livechat {

enum class VisitorField : std::uint8_t {
    page,  // URL
    referrer,
    user_agent,
    language,  // BCP 47
    timezone,  // IANA
    name,
    email,
};
inline constexpr std::size_t kVisitorFields = 7;

// The member's name in JSON.
std::string_view to_string(VisitorField field);

struct Visitor {
    // On the way in: none leaves what is known, an empty one forgets it. On the way out: none and
    // empty are not known.
    std::array<std::optional<std::string>, kVisitorFields> fields;
    std::string updated_at;

    std::optional<std::string>& operator[](VisitorField field) {
        return fields[static_cast<std::size_t>(field)];
    }
    const std::optional<std::string>& operator[](VisitorField field) const {
        return fields[static_cast<std::size_t>(field)];
    }
};

// Without what no agent needs to know: of page and referrer the fragment and the user's name and
// password, which may let others in; of the name what shows as nothing, at both ends.
Visitor tidied(Visitor visitor);

// Whether there is anything to be told.
bool knows_anything(const Visitor& visitor);

// {page?,referrer?,userAgent?,language?,timezone?,name?,email?,updatedAt}
void append_json(std::string& out, const Visitor& visitor);

namespace rules {

// Well-formed UTF-8 without control characters, not longer than the table's columns (in code
// points: 2048 page and referrer, 512 userAgent, 35 language, 64 timezone, 128 name, 254 email); a
// language and a time zone of the characters that such names have, an email with one @ and no
// blanks. Empty is always allowed. visitor_invalid.
Result<void> check(const Visitor& visitor);

}  // namespace rules

}  // namespace livechat
