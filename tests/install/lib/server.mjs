// A server whose services run as their units say, started by the test in systemd's place: for machines on which no
// systemd can be booted (machine.mjs).
import fs from 'node:fs';
import path from 'node:path';

import { waitFor } from '../../harness/wait.mjs';
import { Program, canConnect, freePort } from '../../integration/rest_stack.mjs';
import { NotifySocket } from '../../ops/lib/manager.mjs';
import { ServerRoot } from './root.mjs';

export class Server extends ServerRoot {
  // base: a folder that scripts/lib/install_root.sh has made.
  static async make(base, parent) {
    const server = new Server(base, parent);
    server.running = new Map();
    await server.copy();
    server.port = await freePort();
    return server;
  }

  // With a /proc of its own.
  entering() {
    return ['unshare', '--mount', '--propagation', 'private', '--', 'bash', '-c',
      'mount -t proc proc "$1/proc" && exec chroot "$@"', '-', this.root];
  }

  // As a user of the server, without root's rights.
  #start(name, user, words, env = {}, wrapper = []) {
    const program = new Program(wrapper[0] ?? 'chroot', [
      ...(wrapper.length > 0 ? [...wrapper.slice(1), '/usr/sbin/chroot'] : []),
      ...(user ? [`--userspec=${user}`] : []), this.root, ...words,
    ], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env } });
    this.running.set(name, program);
    return program;
  }

  async startDatabase() {
    fs.mkdirSync(this.at('run/mysqld'), { recursive: true });
    await this.must('chown mysql:mysql /run/mysqld');
    const database = this.#start('mariadb', undefined,
      ['/usr/sbin/mariadbd', '--user=mysql', '--skip-networking']);
    await database.says(/ready for connections/);
  }

  // A site on a free port, of the parts that the package brings.
  async startNginx(site) {
    fs.rmSync(this.at('etc/nginx/sites-enabled/default'), { force: true });
    this.write('etc/nginx/sites-enabled/chat', site);
    const { code, out } = await this.sh('nginx -t');
    if (code !== 0) throw new Error(out);
    this.#start('nginx', undefined, ['/usr/sbin/nginx', '-g', 'daemon off;']);
    await waitFor(() => canConnect(this.port), 'nginx');
  }

  unit(name) {
    const [, template, instance = '', kind] = /^(.*?)(?:@(.*?))?\.(service|socket)$/.exec(name);
    const file = name.includes('@') ? `${template}@.${kind}` : name;
    const settings = new Map();
    for (const line of fs.readFileSync(this.at(`lib/systemd/system/${file}`), 'utf8').split('\n')) {
      const match = line.match(/^(\w+)=(.*)$/);
      if (match) settings.set(match[1], [...(settings.get(match[1]) ?? []), match[2].replaceAll('%i', instance)]);
    }
    return { name, instance, get: (key) => settings.get(key)?.[0], all: (key) => settings.get(key) ?? [] };
  }

  // The credentials that the unit loads, where only its user can read them.
  async #credentials(unit) {
    const folder = `run/credentials/${unit.name}`;
    fs.rmSync(this.at(folder), { recursive: true, force: true });
    fs.mkdirSync(this.at(folder), { recursive: true });
    for (const [kind, separator] of [['SetCredential', ''], ['LoadCredential', 'file']]) {
      for (const setting of unit.all(kind)) {
        const [name, value] = setting.split(/:(.*)/s);
        const from = this.at(value);
        if (separator && !fs.existsSync(from)) continue;
        fs.writeFileSync(this.at(`${folder}/${name}`), separator ? fs.readFileSync(from) : value.replace('\\n', '\n'));
      }
    }
    await this.must(`chown -R ${unit.get('User')} /${folder} && chmod -R u=rX,go= /${folder}`);
    return `/${folder}`;
  }

  // Starts a service as systemd does, as far as a program can see; waits until it is ready.
  async start(name, { socket } = {}) {
    const unit = this.unit(name);
    const notify = await NotifySocket.open(this.at('run'));
    fs.chmodSync(notify.path, 0o666);
    const env = {
      NOTIFY_SOCKET: `/run/${path.basename(notify.path)}`,
      CREDENTIALS_DIRECTORY: await this.#credentials(unit),
    };
    let wrapper = [];
    if (socket) {
      const listen = this.unit(socket);
      const holder = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../ops/lib/holder.py');
      wrapper = ['python3', holder, this.at(listen.get('ListenStream'))];
    }
    const program = this.#start(name, `${unit.get('User')}:${unit.get('Group')}`, unit.get('ExecStart').split(' '), env, wrapper);
    program.notify = notify;
    try {
      await notify.hears('READY=1');
    } catch (error) {
      throw new Error(`${name}: ${error.message}\n${program.output}`);
    }
    return program;
  }

  async stop(name) {
    const program = this.running.get(name);
    this.running.delete(name);
    const ended = await program?.stop();
    await program?.notify?.close();
    return ended;
  }

  async end() {
    for (const name of [...this.running.keys()].reverse()) await this.stop(name);
    this.remove();
  }
}
