// The form of an answer on the connection to the web server: FastCGI 1.0, sections 3.3 (records),
// 5.3 (streams) and 5.5 (FCGI_END_REQUEST). Pure functions over bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace livechat::fcgi_io {

// Appends the output of a request that has succeeded, and its end. The bytes of `output` are spread
// over as few records as can hold them; none of them need be there.
void append_answer(std::string& out, std::uint16_t request_id, std::string_view output);

}  // namespace livechat::fcgi_io
