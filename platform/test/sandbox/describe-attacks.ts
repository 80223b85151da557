import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measure } from '../../src/adapter/sandbox/workspace-files.ts';
import type { SandboxProvider } from '../../src/port/sandbox.ts';
import { makeHost, processesWith, type Host } from './host.ts';
import { withSandbox, type TestSandbox } from './open-sandbox.ts';

const callsOfKernel = readFileSync(join(import.meta.dirname, 'system-calls.py'), 'utf8');

/** What a command may try against a kind of sandbox that confines: it is contained, the host is untouched, and the next command runs. */
export function describeAttacks(provider: SandboxProvider): void {
  let host: Host;
  beforeAll(async () => {
    host = await makeHost();
  });
  afterAll(async () => {
    await provider.close();
    await host.close();
  });
  const attack = async (test: (given: TestSandbox & { host: Host }) => Promise<void>): Promise<void> => {
    await withSandbox(provider, async (given) => {
      await test({ ...given, host });
      expect(await given.sh('echo alive'), 'the next command').toMatchObject({
        exitCode: 0,
        stdout: 'alive\n',
      });
    });
    expect(host.isUntouched(), 'the host').toBe(true);
    expect(host.visits(), 'visits of the host').toBe(0);
  };
  describeReading(attack);
  describeChanging(attack);
  describeReaching(attack);
  describeExhausting(attack);
  describeStaying(attack);
}

type Attack = (test: (given: TestSandbox & { host: Host }) => Promise<void>) => Promise<void>;

function describeReading(attack: Attack): void {
  it('has no variable of the platform, in its own environment or in that of any process that it sees', async () => {
    await attack(async ({ sh, host }) => {
      const told = await sh(
        'env; for f in /proc/[0-9]*/environ; do cat $f; done 2>/dev/null | tr "\\0" "\\n"',
      );
      expect(told.stdout).toMatch(/^PATH=/m);
      expect(told.stdout + told.stderr).not.toContain(host.secret);
      expect(told.stdout).not.toMatch(/BATUTA|DATABASE_URL|npm_/);
    });
  });

  it('does not see where its workspace is in the command lines of processes', async () => {
    await attack(async ({ sh, folder }) => {
      const told = await sh('cat /proc/[0-9]*/cmdline | tr "\\0" "\\n"');
      expect(told.stdout).toMatch(/sh/);
      expect(told.stdout).not.toContain(folder);
    });
  });

  it('cannot read files of the host', async () => {
    await attack(async ({ sh, host }) => {
      const places = [
        host.file,
        '/etc/shadow',
        '/root',
        '/home',
        '/var',
        '/proc/1/root/etc/shadow',
        '/proc/kcore',
        '/dev/mem',
      ];
      const told = await sh(
        [...places, process.cwd()].map((place) => `head -c 100 ${place}; ls ${place}`).join('\n'),
      );
      expect(told.stdout).not.toContain(host.secret);
      expect(told.stdout).not.toMatch(/root:|\.ssh|package\.json/);
    });
  });

  it('has no open file of anybody else, and no rights', async () => {
    await attack(async ({ sh }) => {
      const told = await sh(
        'readlink /proc/$$/fd/*; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status; id -u',
      );
      const open = told.stdout.split('\n').filter((line) => line.startsWith('/') || line.includes('['));
      expect(
        open.filter(
          (file) =>
            !/^(?:\/dev\/(?:null|pts\/0)|(?:socket|pipe):\[\d+\]|\S+\/batuta-pipes-\S+ \(deleted\))$/.test(
              file,
            ),
        ),
      ).toEqual([]);
      const rights = told.stdout
        .match(/Cap\w+:\t(\w+)/g)
        ?.map((line) => Number.parseInt(line.split('\t')[1] ?? '', 16));
      expect(rights).toEqual([0, 0, 0, 0, 0]);
      expect(told.stdout).toMatch(/NoNewPrivs:\t1\nSeccomp:\t2\n2000\n$/);
    });
  });
}

function describeChanging(attack: Attack): void {
  it('cannot write anywhere but in its workspace and in memory', async () => {
    await attack(async ({ sh, host }) => {
      const places = [
        '/x',
        '/usr/bin/x',
        '/etc/x',
        '/etc/passwd',
        '/dev/x',
        '/proc/sys/kernel/hostname',
        '/proc/sysrq-trigger',
        '/sys/x',
        '/run/x',
        '/opt/x',
        '/home/x',
        host.file,
      ];
      const told = await sh(
        places.map((place) => `(echo x > ${place}) 2>/dev/null && echo wrote ${place}`).join('\n'),
      );
      expect(told.stdout).toBe('');
      expect((await sh('echo x > /tmp/x && echo x > /dev/shm/x && echo x > here && echo wrote')).stdout).toBe(
        'wrote\n',
      );
    });
  });

  it('does not mislead the host by links that it plants', async () => {
    await attack(async ({ sh, sandbox: { files }, host }) => {
      await sh(
        `ln -s ${host.file} file; ln -s ${host.folder} dir; ln -s ../../../../../../../..${host.file} up; ln -s loop loop; ln ${host.file} hard 2>/dev/null; true`,
      );
      for (const path of ['file', 'dir/secret.txt', 'dir/folder', 'up', 'loop', 'hard']) {
        await expect(files.read(path, { offset: 0, length: 999 })).rejects.toThrow(
          /symbolic link|not a folder|nothing at/,
        );
      }
      for (const path of ['file', 'up', 'loop', 'dir/secret.txt', 'dir/new', 'dir/folder/new']) {
        await expect(files.write(path, Buffer.from('changed'))).rejects.toThrow(/symbolic link|not a folder/);
      }
      const { entries } = await files.list('', { depth: 9, limit: 99 });
      expect(entries.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
        'dir link',
        'file link',
        'loop link',
        'up link',
      ]);
    });
  });

  it('does not mislead the host by exchanging a folder for a link all the time', async () => {
    await attack(async ({ sandbox, host }) => {
      const { files } = sandbox;
      const swap = `mkdir real; echo mine > real/secret.txt; ln -s ${host.folder} fake; cp -r real d; echo ready; while :; do mv d a; mv fake d; mv d fake; mv a d; done`;
      const ready = Promise.withResolvers<void>();
      const swapping = await sandbox.start(
        { program: 'sh', arguments: ['-c', swap] },
        { output: () => ready.resolve() },
      );
      await ready.promise;
      const read = async () =>
        Buffer.from((await files.read('d/secret.txt', { offset: 0, length: 99 })).content).toString();
      for (let round = 0; round < 300; round += 1) {
        expect(await read().catch(() => 'refused')).toMatch(/^(mine\n|refused)$/);
        if (round % 10 === 0) await files.write('d/new', Buffer.from('x')).catch(() => undefined);
      }
      await swapping.stop();
    });
  });

  it('does not copy what links lead to into a snapshot, and none of it comes back', async () => {
    await attack(async ({ sh, sandbox, folder, host }) => {
      await sh(`ln -s ${host.folder} dir; ln -s ${host.file} file; mkfifo pipe; echo own > own`);
      const aside = join(folder, '..', 'aside');
      expect((await sandbox.snapshot(aside)).bytes).toBeLessThan(50_000);
      await sandbox.restore(aside);
      expect((await sh('cat own dir/secret.txt file 2>/dev/null; ls -1')).stdout).toBe(
        'own\ndir\nfile\nown\n',
      );
    });
  });

  it('gains nothing by programs that change the user', async () => {
    await attack(async ({ sh }) => {
      const told = await sh(
        'cp /usr/bin/id me; chmod 6755 me; ./me -u; for p in su sudo mount passwd; do command -v $p >/dev/null && timeout 2 $p </dev/null; done; id -u',
      );
      expect(told.stdout).toMatch(/^2000\n/);
      expect(told.stdout).toMatch(/2000\n$/);
    });
  });
}

function describeReaching(attack: Attack): void {
  it('reaches no address, its own loopback included where somebody else listens', async () => {
    await attack(async ({ run, host }) => {
      const code = `
import socket
for host, port in [("127.0.0.1", ${host.port}), ("localhost", ${host.port}), ("169.254.169.254", 80), ("1.1.1.1", 53), ("::1", ${host.port}), ("10.0.0.1", 22)]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        s = socket.socket(family); s.settimeout(2); s.connect((host, port)); print("reached", host, s.recv(99))
    except OSError as error: print("refused")
try:
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.sendto(b"x", ("1.1.1.1", 53)); print("sent")
except OSError: print("refused")
try: print(socket.getaddrinfo("example.com", 80))
except OSError: print("refused")
`;
      expect((await run('python3', '-c', code)).stdout).toBe('refused\n'.repeat(8));
    });
  });

  it('makes none of the calls of the kernel that lead out', async () => {
    await attack(async ({ run }) => {
      const told = await run('python3', '-c', callsOfKernel);
      const answers = told.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      expect(answers.length).toBeGreaterThan(35);
      const done = answers.filter(
        ([, answer]) => !['EPERM', 'ENOSYS', 'EAFNOSUPPORT', 'EACCES'].includes(answer ?? ''),
      );
      expect(done).toEqual([]);
    });
  });

  it('sees and reaches no process of the host', async () => {
    await attack(async ({ sh, host }) => {
      const told = await sh(
        `kill -9 ${host.processId} ${process.pid} 2>/dev/null; ls -d /proc/[0-9]* | wc -l; kill -9 -1; echo gone`,
      );
      expect(Number(told.stdout.split('\n')[0])).toBeLessThan(10);
    });
  });

  it('finds no control groups, devices or sockets of services', async () => {
    await attack(async ({ sh }) => {
      const told = await sh(
        'find /sys -writable 2>/dev/null; ls /dev/vda /dev/sda /dev/kvm /dev/fuse /var/run/docker.sock /run/podman /run/dbus 2>/dev/null; mknod d b 254 0 2>/dev/null && cat d; find / -type s 2>/dev/null',
      );
      expect(told.stdout).toBe('');
    });
  });
}

function describeExhausting(attack: Attack): void {
  it('survives a bomb of processes', async () => {
    await attack(async ({ run }) => {
      const bomb = `import os,time # ${process.pid}\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.01)`;
      const told = await run('timeout', '-s', 'KILL', '1', 'python3', '-c', bomb);
      expect(told.exitCode).not.toBe(0);
      expect(processesWith(`import os,time # ${process.pid}`)).toEqual([]);
    });
  });

  it.each([
    ['one process', 'python3 -c "b=bytearray(10**9); print(len(b))"'],
    [
      'many processes',
      'for i in 1 2 3 4 5 6; do python3 -c "b=bytearray(60*10**6); import time; time.sleep(3); print(len(b))" & done; wait',
    ],
    ['files in /tmp', 'head -c 500000000 /dev/zero > /tmp/big && echo filled'],
    ['files in /dev/shm', 'head -c 500000000 /dev/zero > /dev/shm/big && echo filled'],
  ])('does not use up the memory of the host: %s', async (_, script) => {
    await attack(async ({ sh }) => {
      const told = await sh(script);
      expect(told.stdout.match(/filled|1000000000/)).toBe(null);
      expect(told.stdout.match(/60000000/g)?.length ?? 0).toBeLessThan(6);
    });
  });

  it.each([
    ['one file', 'head -c 900000000 /dev/zero > big'],
    ['many files', 'i=0; while :; do head -c 2000000 /dev/zero > f$i || exit 1; i=$((i+1)); done'],
    ['empty files', 'i=0; while :; do : > f$i || exit 1; i=$((i+1)); done'],
    ['deep folders', 'while :; do mkdir -p d && cd d && head -c 200000 /dev/zero > f || exit 1; done'],
  ])('does not fill the disk of the host: %s', async (_, script) => {
    await attack(async ({ sh, folder }) => {
      const told = await sh(script);
      expect(told.limit).toBe('disk');
      const size = await measure(folder);
      // What it can write before it is noticed depends on the disk; it is far from filling it.
      expect(size.bytes === Number.POSITIVE_INFINITY || size.bytes < 400_000_000).toBe(true);
      await sh('rm -rf -- *');
      expect((await measure(folder)).files).toBe(0);
    });
  });

  it('uses no more than its part of a processor', async () => {
    await attack(async ({ run }) => {
      const code =
        'import os,time\nfor _ in range(3): os.fork()\nend=time.monotonic()+1\nwhile time.monotonic()<end: pass\nos.times().user > 0.6 and print("more")';
      expect((await run('python3', '-c', code)).stdout).toBe('');
    });
  });
}

function describeStaying(attack: Attack): void {
  it('leaves no process behind, however it hides', async () => {
    await attack(async ({ sh }) => {
      const marker = `600${process.pid}`;
      await sh(`setsid nohup sleep ${marker} >/dev/null 2>&1 </dev/null & (sleep ${marker} &) ; python3 -c 'import os
if os.fork() == 0:
  os.setsid()
  if os.fork() == 0: os.execvp("sleep", ["sleep", "${marker}"])' ; echo done`);
      expect(processesWith(`sleep\0${marker}`)).toEqual([]);
    });
  });

  it('leaves no process behind when it is ended', async () => {
    await attack(async ({ sh }) => {
      const marker = `601${process.pid}`;
      expect(await sh(`setsid sleep ${marker} & sleep ${marker}`, { seconds: 0.5 })).toMatchObject({
        limit: 'time',
      });
      expect(processesWith(`sleep\0${marker}`)).toEqual([]);
    });
  });
}
