import fs from 'node:fs';
import path from 'node:path';

export default {
  title: 'Varnish in front of nginx, with a pipe for sockets',
  versions: 'Varnish 7.1',
  result: 'everything works, and both forms of a file are kept apart',
  package: 'varnish',
  slow: true,
  options: ['--trusted-proxy', '127.0.0.1'],
  async start({ folder, port, inner, spawn }) {
    const file = path.join(folder, 'site.vcl');
    fs.writeFileSync(file, `vcl 4.1;
backend nginx { .host = "127.0.0.1"; .port = "${inner}"; .first_byte_timeout = 75s; }
sub vcl_recv {
    set req.http.X-Forwarded-Proto = "https";
    if (req.http.Upgrade ~ "(?i)websocket") { return (pipe); }
    if (req.url ~ "^/(api/chat|socket\\.io/|ws)") { return (pass); }
}
sub vcl_pipe {
    if (req.http.Upgrade) { set bereq.http.Upgrade = req.http.Upgrade; set bereq.http.Connection = req.http.Connection; }
}
`);
    const work = path.join(folder, 'varnish');
    await spawn(port, 'varnishd', ['-F', '-j', 'none', '-n', work, '-a', `127.0.0.1:${port}`, '-f', file, '-s', 'default,16m']);
  },
};
