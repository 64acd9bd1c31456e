import * as z from 'zod';
import { policyKinds } from '../deployment/policies/registry.ts';

const [first, ...others] = policyKinds;

/**
 * Which tag a target may run, as written in `drydock.yaml`: one of `semver`, `level`, `alphabetical`, `numerical`,
 * `regex`, `glob` and `digest`. Each kind's own file says how it orders tags and what it does with prereleases and
 * ties. A range, pattern or template that cannot be read is refused here, before anything is deployed.
 */
export const TagPolicy = z.discriminatedUnion('type', [first.schema, ...others.map(({ schema }) => schema)], {
  error: `write "type": one of ${policyKinds.map(({ schema }) => schema.shape.type.value).join(', ')}`,
});
export type TagPolicy = z.output<typeof TagPolicy>;
