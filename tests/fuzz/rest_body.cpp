// A request's body, whole or cut off, with a length that is right, wrong or not told: what comes
// out keeps the rules that do not depend on the database.
#include <algorithm>
#include <string>

#include "api/handlers.hpp"
#include "api/json_body.hpp"
#include "input.hpp"

namespace {

using namespace livechat;

class Bytes final : public http::BodySource {
  public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}
    std::size_t read(char* to, std::size_t size) override {
        const auto part = rest_.substr(0, size);
        std::ranges::copy(part, to);
        rest_.remove_prefix(part.size());
        return part.size();
    }

  private:
    std::string_view rest_;
};

}  // namespace

// The first byte chooses type and length; the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view kTypes[] = {"", "application/json", "application/x+json ; a=b",
                                           "text/plain"};
    if (size == 0) return 0;
    Limits limits;
    limits.body_bytes = 4096;
    const auto text = as_text(data + 1, size - 1);
    Bytes body(text);
    const std::string lengths[] = {"", std::to_string(text.size()), "18446744073709551616", "1x"};
    http::Request request;
    request.method = http::Method::post;
    request.content_type = kTypes[data[0] & 3];
    request.content_length = lengths[(data[0] >> 2) & 3];
    request.body = &body;
    const auto object = api::read_json_object(request, limits);
    if (!object) {
        require(object.error().status >= 400 && object.error().status < 500);
        return 0;
    }
    require(text.size() <= limits.body_bytes);
    if (const auto client_id = api::client_id_member(*object)) {
        require(client_id->size() <= text.size());
    }
    api::sender_member(*object);
    if (const auto message = api::read_message(*object, "a")) {
        require(message->text.size() <= text.size());
    }
    return 0;
}
