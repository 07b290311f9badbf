// A package as it will be: the same with a later version and one more migration.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// migration: its SQL, which becomes 9999_later.sql. Gives the file of the package, in a folder of its own in parent.
export function laterVersion(deb, parent, migration) {
  const folder = fs.mkdtempSync(path.join(parent, 'later-'));
  execFileSync('dpkg-deb', ['--raw-extract', deb, folder]);
  const control = path.join(folder, 'DEBIAN/control');
  fs.writeFileSync(control, fs.readFileSync(control, 'utf8').replace(/^Version: (.*)$/m, 'Version: $1+later1'));
  fs.writeFileSync(path.join(folder, 'usr/share/livechat/migrations/9999_later.sql'), migration);
  const file = `${folder}.deb`;
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', folder, file], { stdio: 'pipe' });
  return file;
}
