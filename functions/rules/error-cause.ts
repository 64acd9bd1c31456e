import * as z from 'zod';

/** A Lambda's error as Step Functions hands it to a Catch: JSON with the message in it. */
const LambdaCause = z.object({ errorMessage: z.string() });

/** Reads the sentence for a person out of a caught error's `Cause`, which is JSON for a Lambda and text otherwise. */
export const describeCause = (cause: string): string => {
  try {
    return LambdaCause.parse(JSON.parse(cause)).errorMessage;
  } catch {
    return cause;
  }
};
