import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { PGlite, type postgresMod } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type PostgresMod = postgresMod.PostgresMod;

/** Start parameters of a database that survives a power cut: syncing on, and in the one way that reaches the file layer. */
export const durableStartParams: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
  // The usual 128 MB would be memory of this process; the files are in the operating system's cache anyway.
  '-c',
  'shared_buffers=16MB',
];

/** Told of each sync that reaches the disk. */
export type SyncListener = () => void;

/**
 * Files of the host whose syncs are real. PGlite's own file layer has no `fsync`, so that PostgreSQL's calls end in nothing. It
 * is put in place before PostgreSQL starts, so that recovery and the making of a database are synced as well.
 */
export class DurableNodeFs extends NodeFS {
  readonly #onSync: SyncListener | undefined;

  constructor(directory: string, onSync?: SyncListener) {
    super(directory);
    this.#onSync = onSync;
  }

  override async init(
    pg: PGlite,
    options: Partial<PostgresMod>,
  ): Promise<{ emscriptenOpts: Partial<PostgresMod> }> {
    const { emscriptenOpts } = await super.init(pg, options);
    const install = (module: PostgresMod): void => this.#install(module);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), install] } };
  }

  #install(module: PostgresMod): void {
    const { NODEFS } = filesystemsOf(module);
    NODEFS.stream_ops.fsync = (stream) => {
      if (typeof stream.nfd === 'number') fdatasyncSync(stream.nfd);
      else syncDirectory(NODEFS.realPath(stream.node));
      this.#onSync?.();
      return 0;
    };
  }
}

/** The part of Emscripten's file layer that is used here; its types do not describe it. */
interface NodeFilesystem {
  stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
  realPath(node: unknown): string;
}

function filesystemsOf(module: PostgresMod): { NODEFS: NodeFilesystem } {
  const layer: { filesystems: unknown } = module.FS;
  return layer.filesystems as { NODEFS: NodeFilesystem };
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
