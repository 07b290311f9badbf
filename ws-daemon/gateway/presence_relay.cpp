#include "gateway/presence_relay.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "domain/rules.hpp"

namespace livechat::gateway {
namespace {

constexpr std::string_view kKind = "presence";

void append_names(std::string& out, const std::vector<std::string>& names) {
    out += ",[";
    for (const auto& name : names) {
        if (out.back() != '[') out += ',';
        append_json_string(out, name);
    }
    out += ']';
}

std::optional<std::vector<std::string>> read_names(const Json& list, const Limits& limits) {
    if (!list.is_array()) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& name : list) {
        if (!name.is_string()) return std::nullopt;
        names.push_back(name.get<std::string>());
        if (!rules::check_client_id(names.back(), limits)) return std::nullopt;
    }
    return names;
}

}  // namespace

std::string encode_presence(const PresenceNews& news) {
    std::string datagram = "[\"presence\",";
    append_json_string(datagram, news.daemon);
    datagram += news.agents ? ",true" : ",false";
    datagram += news.watched ? ",true," : ",false,";
    datagram += std::to_string(news.round);
    append_names(datagram, news.online);
    append_names(datagram, news.offline);
    datagram += ']';
    return datagram;
}

std::optional<PresenceNews> decode_presence(std::string_view datagram, const Limits& limits) {
    const auto json = parse_json(datagram);
    if (!json || !json->is_array() || json->size() != 7 || (*json)[0] != kKind) return std::nullopt;
    const bool kinds = (*json)[1].is_string() && (*json)[2].is_boolean() &&
                       (*json)[3].is_boolean() && (*json)[4].is_number_unsigned();
    auto online = read_names((*json)[5], limits);
    auto offline = read_names((*json)[6], limits);
    if (!kinds || !online || !offline) return std::nullopt;
    return PresenceNews{
        (*json)[1].get<std::string>(),   (*json)[2].get<bool>(), (*json)[3].get<bool>(),
        (*json)[4].get<std::uint64_t>(), *std::move(online),     *std::move(offline)};
}

}  // namespace livechat::gateway
