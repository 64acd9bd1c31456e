import { open, stat, truncate } from 'node:fs/promises';
import { runTool } from '../run-tool.ts';

const BLOCK = 512;

/** Everything of a folder as one tar that is not compressed, by the tar of this machine: `./` and what is in it. */
export const packArchive = async (folder: string, archive: string, withoutEnd: boolean): Promise<void> => {
  await runTool('tar', ['-cf', archive, '-C', folder, '.']);
  if (withoutEnd) await truncate(archive, await findEnd(archive));
};

/** Where the zero blocks begin that tar puts behind the last member. */
const findEnd = async (archive: string): Promise<number> => {
  const { size } = await stat(archive);
  const file = await open(archive);
  try {
    const block = Buffer.alloc(BLOCK);
    for (let end = size; end > 0; end -= BLOCK) {
      await file.read(block, 0, BLOCK, end - BLOCK);
      if (block.some((byte) => byte !== 0)) return end;
    }
    return 0;
  } finally {
    await file.close();
  }
};
