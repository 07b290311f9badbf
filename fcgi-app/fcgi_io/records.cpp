#include "fcgi_io/records.hpp"

#include <cstddef>

namespace livechat::fcgi_io {
namespace {

constexpr unsigned kEndRequest = 3;
constexpr unsigned kStdout = 6;
constexpr std::size_t kMaxContent = 0xffff;

void append_16(std::string& out, std::size_t number) {
    out += static_cast<char>(number >> 8 & 0xff);
    out += static_cast<char>(number & 0xff);
}

// No padding: it is for those who want to read aligned, and a web server does not.
void append_record(std::string& out,
                   unsigned type,
                   std::uint16_t request_id,
                   std::string_view content) {
    constexpr char kVersion = 1;
    out += kVersion;
    out += static_cast<char>(type);
    append_16(out, request_id);
    append_16(out, content.size());
    append_16(out, 0);  // padding, reserved
    out += content;
}

}  // namespace

void append_answer(std::string& out, std::uint16_t request_id, std::string_view output) {
    // Application status 0, protocol status FCGI_REQUEST_COMPLETE (0), reserved.
    constexpr std::string_view kComplete("\0\0\0\0\0\0\0\0", 8);
    while (!output.empty()) {
        const auto content = output.substr(0, kMaxContent);
        append_record(out, kStdout, request_id, content);
        output.remove_prefix(content.size());
    }
    append_record(out, kStdout, request_id, {});  // the end of the stream
    append_record(out, kEndRequest, request_id, kComplete);
}

}  // namespace livechat::fcgi_io
