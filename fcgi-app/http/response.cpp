#include "http/response.hpp"

namespace livechat::http {

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 429:
            return "Too Many Requests";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Unknown";
    }
}

void append_head(std::string& out, const Response& response, std::string_view request_id) {
    out += "Status: ";
    out += std::to_string(response.status);
    out += ' ';
    out += reason_phrase(response.status);
    if (response.status != 204) {
        out += "\r\nContent-Type: ";
        out += response.content_type;
        out += "\r\nContent-Length: ";
        out += std::to_string(response.body.size());
    }
    out += "\r\nCache-Control: no-store\r\nX-Request-Id: ";
    out += request_id;
    for (const auto& [name, value] : response.headers) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
    out += "\r\n\r\n";
}

}  // namespace livechat::http
