import fs from 'node:fs';
import path from 'node:path';

export default {
  title: 'nginx in front of nginx, which is named to livechat and keeps files',
  versions: 'nginx 1.22',
  result: 'everything works, and both forms of a file are kept apart',
  package: 'nginx',
  options: ['--trusted-proxy', '127.0.0.1'],
  async start({ folder, port, inner, spawn }) {
    fs.writeFileSync(path.join(folder, 'front.conf'), `daemon off; pid front.pid; error_log stderr warn;
${process.getuid() === 0 ? 'user root root;' : ''}
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path temp; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    proxy_cache_path kept keys_zone=kept:1m;
    map $http_upgrade $upgrade_or_not { default upgrade; '' ''; }
    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://127.0.0.1:${inner};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $upgrade_or_not;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto https;
            proxy_read_timeout 75s;
            proxy_cache kept;
        }
    }
}
`);
    await spawn(port, 'nginx', ['-p', `${folder}/`, '-c', 'front.conf']);
  },
};
