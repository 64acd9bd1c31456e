import * as z from 'zod';

export const Env = z.object({});

export const Input = z.object({});

/** The repositories to look at: each once, however many targets follow it. Bounded by drydock.yaml. */
export const Output = z.object({ images: z.array(z.string()) });
