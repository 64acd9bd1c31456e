import * as z from 'zod';
import type { Unread } from '../../records/upgrade/facts.ts';

/**
 * Reads strangers' objects: `null` and missing are the same, what is not asked for is not looked at, and an object
 * that is not as the API says is named and left out.
 */

/** A value, or `fallback` when it is missing or null. */
export const orElse = <S extends z.ZodType>(schema: S, fallback: z.output<S>) =>
  schema.nullish().transform((value): z.output<S> => value ?? fallback);

export const text = orElse(z.string(), '');
export const flag = orElse(z.boolean(), false);
export const whole = (fallback = 0) => orElse(z.int(), fallback);
export const textMap = orElse(z.record(z.string(), z.string()), {});
export const texts = orElse(z.array(z.string()), []);
export const listOf = <S extends z.ZodType>(schema: S) => orElse(z.array(schema), []);
/** An object with fields of which each may be missing, so it may be missing itself. */
export const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.preprocess((value) => value ?? {}, z.object(shape));

export const Metadata = part({
  name: text,
  namespace: text,
  labels: textMap,
  annotations: textMap,
  ownerReferences: listOf(z.object({ kind: text, name: text })),
});

/** A condition of a status. */
export const Conditions = listOf(z.object({ type: text, status: text }));
export const holds = (conditions: z.output<typeof Conditions>, type: string): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

const Named = part({ metadata: part({ name: z.unknown().optional(), namespace: z.unknown().optional() }) });

/** `pods shop/web`, as far as the object says it. */
const nameObject = (resource: string, object: unknown): string => {
  const { name, namespace } = Named.safeParse(object).data?.metadata ?? {};
  const words = [namespace, name].filter((word) => typeof word === 'string' && word !== '');
  return `${resource} ${words.length === 0 ? 'without a name' : words.join('/')}`;
};

/** The object as a schema reads it, or why it could not be read. */
export const readObject = <S extends z.ZodType>(
  schema: S,
  resource: string,
  object: unknown,
): { readonly ok: true; readonly value: z.output<S> } | { readonly ok: false; readonly unread: Unread } => {
  const parsed = schema.safeParse(object);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the object';
  const reason = `it is not as the Kubernetes API says: ${where}: ${issue?.message ?? 'unknown'}`;
  return { ok: false, unread: { what: nameObject(resource, object), reason } };
};
