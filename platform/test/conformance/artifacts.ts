import { describe, expect, test } from 'vitest';
import { ids, makeTurn, start } from './make-run.ts';
import { useStores, type StoreFactory } from './store-factory.ts';

/** Files, read in ranges. */
export function describeArtifacts(open: StoreFactory): void {
  describe('artifacts', () => {
    const stores = useStores(open);

    async function store(content: Uint8Array): Promise<string> {
      const lease = await start(stores().runs);
      const id = ids.create('artifact');
      const artifacts = [{ id, name: 'a\u0000.bin', mediaType: 'application/x-test', content }];
      await stores().runs.commit(makeTurn(lease, 2, { artifacts }));
      return id;
    }

    test('give a range, and what there is of one beyond the end', async () => {
      const id = await store(new Uint8Array([0, 1, 2, 3, 4]));
      const read = async (offset: number, length: number) => [
        ...((await stores().artifacts.read('acme', id, { offset, length })) ?? []),
      ];
      expect(await read(1, 2)).toEqual([1, 2]);
      expect(await read(3, 100)).toEqual([3, 4]);
      expect(await read(9, 5)).toEqual([]);
    });

    test('of a megabyte and more come back byte for byte', async () => {
      const content = Uint8Array.from({ length: 1_500_000 }, (_, index) => (index * 7) % 256);
      const id = await store(content);
      expect(await stores().artifacts.describe('acme', id)).toMatchObject({ bytes: 1_500_000 });
      const read = await stores().artifacts.read('acme', id, { offset: 0, length: 2_000_000 });
      expect(Buffer.compare(Buffer.from(read ?? []), Buffer.from(content))).toBe(0);
    });

    test('that do not exist are undefined', async () => {
      const id = ids.create('artifact');
      expect(await stores().artifacts.describe('acme', id)).toBeUndefined();
      expect(await stores().artifacts.read('acme', id, { offset: 0, length: 1 })).toBeUndefined();
    });
  });
}
