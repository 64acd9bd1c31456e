import { readdirSync } from 'node:fs';
import type * as z from 'zod';

/** What a function declares of itself. */
export interface FunctionContract {
  readonly Env: z.ZodObject;
  readonly Input: z.ZodType;
  readonly Output: z.ZodType;
}

/** The contract of every function of a capability, by its name such as `apply-image`. */
export const loadContracts = async (capability: string): Promise<ReadonlyMap<string, FunctionContract>> => {
  const folder = new URL(`../../functions/${capability}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.contract.ts'));
  const loaded = await Promise.all(
    files.map(async (file): Promise<[string, FunctionContract]> => {
      const contract: FunctionContract = await import(new URL(file, folder).href);
      return [file.replace('.contract.ts', ''), contract];
    }),
  );
  return new Map(loaded);
};
