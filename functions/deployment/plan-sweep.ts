import type * as z from 'zod';
import { readConfiguration } from '../runtime/configuration.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './plan-sweep.contract.ts';

interface Deps {
  /** The images that targets follow, one entry a target. */
  readonly images: readonly string[];
}

/** Lists the repositories that any target follows, each once. */
export const run = async (
  _input: z.output<typeof contract.Input>,
  { images }: Deps,
): Promise<z.input<typeof contract.Output>> => ({ images: [...new Set(images)].toSorted() });

export const handler = makeLambda({
  contract,
  deps: () => ({
    images: Object.values(readConfiguration().deployment?.targets ?? {}).map(({ image }) => image),
  }),
  run,
});
