// Whether a program answers at an ENDPOINT of the configuration ("unix:/path", "host:port"), within
// two seconds. Empty: yes. Otherwise why not.
#pragma once

#include <string>

namespace livechat::admin {

std::string probe_connect(const std::string& endpoint);

// status: of the answer to GET path.
std::string probe_http(const std::string& endpoint, const std::string& path, int status);

}  // namespace livechat::admin
