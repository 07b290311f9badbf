# shellcheck shell=bash
# Writing TOML.

# toml_string TEXT: as a basic string.
toml_string() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}
