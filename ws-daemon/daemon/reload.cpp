#include "daemon/reload.hpp"

namespace livechat {
namespace {

enum class OnReload { live, restart, unused };

}  // namespace

void take_over(Config& running, const Config& fresh) {
#define LIVECHAT_KEY(section, name, member, least, most, reload) \
    if (OnReload::reload == OnReload::live) running.section.member = fresh.section.member;
#include "base/config_keys.def"
#undef LIVECHAT_KEY
}

std::vector<std::string> keys_for_a_restart(const Config& running, const Config& fresh) {
    std::vector<std::string> keys;
#define LIVECHAT_KEY(section, name, member, least, most, reload)                                   \
    if (OnReload::reload == OnReload::restart && running.section.member != fresh.section.member) { \
        keys.emplace_back(#section "." #name);                                                     \
    }
#include "base/config_keys.def"
#undef LIVECHAT_KEY
    return keys;
}

}  // namespace livechat
