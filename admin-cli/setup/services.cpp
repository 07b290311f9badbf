// The services of the package, through systemctl.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <initializer_list>
#include <vector>

#include "setup/setup.hpp"
#include "terminal/exit.hpp"

namespace livechat::admin {
namespace {

// What it prints is not what our user has asked for; what it complains of is.
bool systemctl(std::initializer_list<const char*> words) {
    std::vector<char*> arguments;
    std::vector<std::string> copies{"systemctl"};
    copies.insert(copies.end(), words.begin(), words.end());
    for (auto& word : copies) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t quietly;
    posix_spawn_file_actions_init(&quietly);
    posix_spawn_file_actions_addopen(&quietly, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error =
        posix_spawnp(&child, "systemctl", &quietly, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&quietly);
    if (error != 0) return false;
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool has_services() {
    std::error_code error;
    return std::filesystem::is_directory("/run/systemd/system", error) &&
           systemctl({"cat", "--quiet", "livechat-fcgi.service"});
}

bool services_run() {
    return systemctl({"is-active", "--quiet", "livechat-fcgi.service", "livechat-wsd@a.service"});
}

void start_services() {
    const bool started =
        systemctl({"enable", "--now", "livechat-fcgi.socket", "livechat-fcgi.service",
                   "livechat-wsd.target", "livechat-wsd@a.service", "livechat-purge.timer"});
    if (!started) {
        throw Stop(
            "the services did not start: see journalctl -u 'livechat-*', everything else is done");
    }
}

}  // namespace livechat::admin
