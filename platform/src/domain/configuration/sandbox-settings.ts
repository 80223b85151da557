import { z } from 'zod';
import { choice, decimal, integer, list, structured, text } from './setting.ts';

const host = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i;

/** Commands of agents, and the workspaces that they run in. */
export const sandboxSettings = {
  kind: choice({
    variable: 'BATUTA_SANDBOX_KIND',
    about:
      'How commands of agents are kept in; auto: bubblewrap on Linux, a container elsewhere; none: not at all, each command is asked about; off: no commands.',
    words: ['auto', 'bubblewrap', 'container', 'none', 'off'],
    default: 'auto',
  }),
  seconds: integer({
    variable: 'BATUTA_SANDBOX_SECONDS',
    about: 'Seconds that a command may take.',
    default: 120,
    min: 1,
    max: 86_400,
  }),
  memoryMb: integer({
    variable: 'BATUTA_SANDBOX_MEMORY_MB',
    about: 'Megabytes of memory of a command with all that it starts.',
    default: 512,
    min: 16,
    max: 1_000_000,
  }),
  cpus: decimal({
    variable: 'BATUTA_SANDBOX_CPUS',
    about: 'Processors that a command may use, also parts of one.',
    default: 1,
    min: 0.1,
    max: 256,
  }),
  processes: integer({
    variable: 'BATUTA_SANDBOX_PROCESSES',
    about: 'Processes and threads of a command at one time.',
    default: 128,
    min: 8,
    max: 32_768,
  }),
  outputMaxBytes: integer({
    variable: 'BATUTA_SANDBOX_OUTPUT_MAX_BYTES',
    about: 'Bytes that a command may write to its output before it is ended.',
    default: 1_000_000,
    min: 1_000,
    max: 100_000_000,
  }),
  workspaceMb: integer({
    variable: 'BATUTA_SANDBOX_WORKSPACE_MB',
    about: 'Megabytes of all files of a session.',
    default: 512,
    min: 1,
    max: 1_000_000,
  }),
  workspaceFiles: integer({
    variable: 'BATUTA_SANDBOX_WORKSPACE_FILES',
    about: 'Files and folders of a session.',
    default: 20_000,
    min: 10,
    max: 10_000_000,
  }),
  temporaryMb: integer({
    variable: 'BATUTA_SANDBOX_TEMPORARY_MB',
    about: 'Megabytes of /tmp of a command, which count as its memory.',
    default: 64,
    min: 1,
    max: 100_000,
  }),
  allowedHosts: list({
    variable: 'BATUTA_SANDBOX_ALLOWED_HOSTS',
    about:
      'Hosts that commands may reach over HTTP and HTTPS; empty: none. Commands then need an approval unless a rule allows them.',
    each: 'host names such as pypi.org or *.example.com, with a port where it is not 80 or 443',
    pattern: host,
    default: [],
  }),
  readOnlyFolders: list({
    variable: 'BATUTA_SANDBOX_READ_ONLY_FOLDERS',
    about: 'Folders of this machine that commands may read besides /usr without /usr/local (bubblewrap).',
    each: 'absolute paths',
    pattern: /^\/(?!.*\/\.\.?(?:\/|$)).+$/,
    default: [],
  }),
  user: integer({
    variable: 'BATUTA_SANDBOX_USER',
    about:
      'Number of the user that commands run as where the platform runs as root, and in containers; it should belong to nobody else.',
    default: 2000,
    min: 1,
    max: 2_000_000_000,
  }),
  controlGroup: text({
    variable: 'BATUTA_SANDBOX_CONTROL_GROUP',
    about:
      'Folder of a control group (version 2) that was given to the platform; without it one is looked for.',
    range: 'an absolute path such as /sys/fs/cgroup/batuta',
    pattern: /^\/\S+$/,
  }),
  containerSocket: text({
    variable: 'BATUTA_SANDBOX_CONTAINER_SOCKET',
    about: 'Socket of Docker or Podman; without it the usual places are looked at.',
    range: 'an absolute path such as /var/run/docker.sock',
    pattern: /^\/\S+$/,
  }),
  containerRuntime: text({
    variable: 'BATUTA_SANDBOX_CONTAINER_RUNTIME',
    about: 'Runtime of containers, such as runsc for gVisor; without it the usual one of the engine.',
    range: 'a name',
    pattern: /^[\w.-]+$/,
  }),
  images: structured({
    variable: 'BATUTA_SANDBOX_IMAGES',
    about: 'Images of containers by template.',
    range: 'an object with the images of python, node and general',
    schema: z.strictObject({
      python: z.string().min(1).max(300),
      node: z.string().min(1).max(300),
      general: z.string().min(1).max(300),
    }),
    default: {
      python: 'docker.io/library/python:3.13-slim',
      node: 'docker.io/library/node:24-slim',
      general: 'docker.io/library/python:3.13-slim',
    },
  }),
};
