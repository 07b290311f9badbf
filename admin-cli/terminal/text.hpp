// Text from strangers and from the database, as a terminal may be shown it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace livechat::admin {

// Without control characters, with which a message could move the cursor, change colours or forge
// lines: each becomes U+FFFD. Also the two-byte ones (U+0080 to U+009F), and what is no UTF-8.
std::string printable(std::string_view text);

// The same, on one line of at most `columns` code points; what is cut off is shown by "…".
std::string printable_line(std::string_view text, std::size_t columns);

// Columns side by side, each as wide as its widest cell. Cells are printable already.
std::string table(const std::vector<std::string>& headings,
                  const std::vector<std::vector<std::string>>& rows);

// "1,234,567"
std::string grouped(std::uint64_t number);

// "12.3 MB"
std::string in_bytes(std::uint64_t bytes);

}  // namespace livechat::admin
