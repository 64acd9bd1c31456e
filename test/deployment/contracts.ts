import { readdirSync } from 'node:fs';
import type * as z from 'zod';

/** What a function declares of itself. */
export interface FunctionContract {
  readonly Env: z.ZodObject;
  readonly Input: z.ZodType;
  readonly Output: z.ZodType;
}

const FOLDER = new URL('../../functions/deployment/', import.meta.url);

/** The contract of every function of the capability, by its name such as `apply-image`. */
export const loadContracts = async (): Promise<ReadonlyMap<string, FunctionContract>> => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.contract.ts'));
  const loaded = await Promise.all(
    files.map(async (file): Promise<[string, FunctionContract]> => {
      const contract: FunctionContract = await import(new URL(file, FOLDER).href);
      return [file.replace('.contract.ts', ''), contract];
    }),
  );
  return new Map(loaded);
};
