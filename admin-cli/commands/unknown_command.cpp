#include "commands/unknown_command.hpp"

#include <algorithm>
#include <vector>

namespace livechat::admin {
namespace {

constexpr std::size_t kNear = 2;

}  // namespace

std::size_t distance(const std::string& one, const std::string& other) {
    std::vector<std::vector<std::size_t>> rows(one.size() + 1,
                                               std::vector<std::size_t>(other.size() + 1));
    for (std::size_t i = 0; i <= one.size(); ++i) {
        for (std::size_t j = 0; j <= other.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const bool same = one[i - 1] == other[j - 1];
            rows[i][j] = std::min(
                {rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows[one.size()][other.size()];
}

std::optional<std::string> unknown_command(const CLI::App& app) {
    const auto* parent = &app;
    std::string path;
    while (!parent->get_subcommands().empty()) {
        parent = parent->get_subcommands().front();
        path += parent->get_name() + " ";
    }
    const auto commands = parent->get_subcommands(
        [](const CLI::App* command) { return !command->get_name().empty(); });
    // A word that a command does not know is kept by the program itself.
    const auto words = app.remaining(true);
    const auto word = std::ranges::find_if(
        words, [](const auto& text) { return !text.empty() && text[0] != '-'; });
    if (commands.empty() || word == words.end()) return std::nullopt;

    std::string names;
    std::string nearest;
    std::size_t least = kNear + 1;
    for (const auto* command : commands) {
        names += (names.empty() ? "" : ", ") + command->get_name();
        const auto letters = distance(*word, command->get_name());
        if (letters < least) {
            least = letters;
            nearest = command->get_name();
        }
    }
    return "there is no command " + path + *word + ": " +
           (nearest.empty() ? "" : "did you mean " + path + nearest + "? ") + "There are " + names;
}

}  // namespace livechat::admin
