#include "base/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "base/log.hpp"

namespace livechat {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Wall clock time at which this process started; 0 where /proc does not tell.
double start_time() {
    std::ifstream stat("/proc/self/stat");
    std::string line;
    std::getline(stat, line);
    const auto name_end = line.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(line.substr(name_end + 1));
    std::string skipped;
    constexpr int kBeforeStart = 19;  // proc(5): starttime is field 22, the name field 2
    for (int i = 0; i < kBeforeStart; ++i) fields >> skipped;
    std::uint64_t ticks = 0;
    fields >> ticks;
    timespec since_boot{};
    timespec now{};
    if (!fields || clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0 ||
        clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    const auto age = static_cast<double>(since_boot.tv_sec) -
                     static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
    return static_cast<double>(now.tv_sec) - age;
}

}  // namespace

void add_build_info(PrometheusText& text, std::string_view program) {
    const std::string name = std::string(program) + "_build_info";
    text.head(name, "gauge", "1, with the version as a label");
    text.line(name, "version", LIVECHAT_VERSION, 1);
}

void add_log_figures(PrometheusText& text, std::string_view program) {
    text.counter(std::string(program) + "_log_lines_dropped_total",
                 "Log lines that standard error did not take", static_cast<double>(log::dropped()));
}

void add_process_figures(PrometheusText& text) {
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        text.counter("process_cpu_seconds_total", "Processor time, of the user and the system",
                     seconds(usage.ru_utime) + seconds(usage.ru_stime));
    }
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    if (statm >> pages >> resident) {
        const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
        text.gauge("process_resident_memory_bytes", "Resident memory",
                   static_cast<double>(resident) * page);
        text.gauge("process_virtual_memory_bytes", "Virtual memory",
                   static_cast<double>(pages) * page);
    }
    std::error_code error;
    const std::filesystem::directory_iterator open("/proc/self/fd", error);
    if (!error) {
        // The iterator has one open itself.
        text.gauge("process_open_fds", "Open file descriptors",
                   static_cast<double>(std::distance(begin(open), end(open)) - 1));
    }
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        text.gauge("process_max_fds", "File descriptors that may be open",
                   static_cast<double>(limit.rlim_cur));
    }
    if (const double start = start_time(); start > 0) {
        text.gauge("process_start_time_seconds", "When the process started, in Unix time", start);
    }
}

}  // namespace livechat
