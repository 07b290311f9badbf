# shellcheck shell=bash
# Long commands that die with their script.

# job COMMAND...: becomes the command; call it in a subshell or as part of a pipe. The command is ended
# when the shell that waits for it ends, in whatever way.
job() {
    exec setpriv --pdeathsig TERM -- "$@"
}
