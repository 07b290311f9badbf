import fs from 'node:fs';
import path from 'node:path';

export default {
  title: 'lighttpd in front of nginx',
  versions: 'lighttpd 1.4.69',
  result: 'everything works with proxy.header "upgrade", and url-normalize off for clientIds with a slash',
  package: 'lighttpd',
  slow: true,
  secure: false,
  options: ['--trusted-proxy', '127.0.0.1'],
  expect: { secure: false },
  async start({ folder, port, inner, spawn }) {
    const file = path.join(folder, 'lighttpd.conf');
    fs.writeFileSync(file, `server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${port}
server.modules = ( "mod_proxy" )
server.http-parseopts = ( "url-normalize" => "disable" )
server.max-read-idle = 120
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => ${inner} ) ) )
proxy.header = ( "upgrade" => "enable" )
`);
    await spawn(port, 'lighttpd', ['-D', '-f', file]);
  },
};
