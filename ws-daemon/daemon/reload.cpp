#include "daemon/reload.hpp"

#include <string_view>

namespace livechat {

void take_over(Config& running, const Config& fresh) {
    running.limits = fresh.limits;
    running.abuse = fresh.abuse;
    running.log = fresh.log;
    running.auth.allowed_origins = fresh.auth.allowed_origins;
    running.wsd.max_sessions = fresh.wsd.max_sessions;
    running.wsd.max_sessions_per_address = fresh.wsd.max_sessions_per_address;
    running.wsd.drain_timeout = fresh.wsd.drain_timeout;
}

std::vector<std::string> keys_for_a_restart(const Config& running, const Config& fresh) {
    std::vector<std::string> keys;
    const auto compare = [&keys](std::string_view key, const auto& was, const auto& is) {
        if (!(was == is)) keys.emplace_back(key);
    };
    const auto auth = [&](std::string_view key, auto member) {
        compare(key, running.auth.*member, fresh.auth.*member);
    };
    const auto wsd = [&](std::string_view key, auto member) {
        compare(key, running.wsd.*member, fresh.wsd.*member);
    };
    compare("[database]", running.database, fresh.database);
    auth("auth.mode", &AuthConfig::mode);
    auth("auth.cache_ms", &AuthConfig::cache);
    wsd("wsd.name", &WsdConfig::name);
    wsd("wsd.listen", &WsdConfig::listen);
    wsd("wsd.metrics_listen", &WsdConfig::metrics_listen);
    wsd("wsd.ping_interval_ms", &WsdConfig::ping_interval);
    wsd("wsd.ping_timeout_ms", &WsdConfig::ping_timeout);
    wsd("wsd.upgrade_timeout_ms", &WsdConfig::upgrade_timeout);
    wsd("wsd.connect_timeout_ms", &WsdConfig::connect_timeout);
    wsd("wsd.max_payload", &WsdConfig::max_payload);
    wsd("wsd.max_incoming", &WsdConfig::max_incoming);
    wsd("wsd.max_write_buffer", &WsdConfig::max_write_buffer);
    wsd("wsd.trust_proxy", &WsdConfig::trust_proxy);
    wsd("wsd.trusted_proxies", &WsdConfig::trusted_proxies);
    wsd("wsd.reader_threads", &WsdConfig::reader_threads);
    wsd("wsd.writer_queue", &WsdConfig::writer_queue);
    wsd("wsd.writer_batch", &WsdConfig::writer_batch);
    compare("[feed]", running.feed, fresh.feed);
    compare("[doorbell]", running.doorbell, fresh.doorbell);
    return keys;
}

}  // namespace livechat
