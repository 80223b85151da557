import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import { startEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import type { RecordedExchange } from '../../src/recording/exchange.ts';
import { startRecorder, type Recorder, type RecorderOptions } from '../../src/recording/recorder.ts';
import { startReplayer, type Replayer, type ReplayerOptions } from '../../src/recording/replayer.ts';

/** A recorder in front of an emulator that plays the real provider, and what it wrote. */
export interface RecordedEmulator {
  provider: Emulator;
  recorder: Recorder;
  file: string;
  /** Everything that was saved, as text and as exchanges. */
  saved: () => Promise<{ text: string; exchanges: RecordedExchange[] }>;
  /** Stops recording and answers from the file. */
  replay: (options?: Partial<ReplayerOptions>) => Promise<Replayer>;
}

/** Starts both for one test; they end with it. */
export async function recordedEmulator(options: Partial<RecorderOptions> = {}): Promise<RecordedEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'batuta-recording-'));
  const file = join(folder, 'exchanges.jsonl');
  const provider = await startEmulator();
  const recorder = await startRecorder({ target: provider.url, file, ...options });
  onTestFinished(async () => {
    await recorder.stop();
    await provider.stop();
    await rm(folder, { recursive: true });
  });
  const saved = async (): Promise<{ text: string; exchanges: RecordedExchange[] }> => {
    await recorder.saved();
    const text = await readFile(file, 'utf8');
    const exchanges = text
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RecordedExchange);
    return { text, exchanges };
  };
  const replay = async (replayOptions: Partial<ReplayerOptions> = {}): Promise<Replayer> => {
    await recorder.stop();
    await provider.stop();
    const replayer = await startReplayer({ file, ...replayOptions });
    onTestFinished(async () => replayer.stop());
    return replayer;
  };
  return { provider, recorder, file, saved, replay };
}
