import * as z from 'zod';
import type { ExternalIpFact } from '../../records/upgrade/kubernetes-facts.ts';
import { collectListed } from './kubernetes-listed.ts';
import { Metadata, part, texts } from './kubernetes-object.ts';
import { walkThrough } from './kubernetes-walk.ts';

const Service = z.object({ metadata: Metadata, spec: part({ externalIPs: texts }) });

/** The fact of a Service with external addresses; none for all others. */
export const foldService = ({ metadata, spec }: z.output<typeof Service>): ExternalIpFact | undefined =>
  spec.externalIPs.length === 0
    ? undefined
    : { namespace: metadata.namespace, name: metadata.name, addresses: spec.externalIPs };

/** Services with `externalIPs`. */
export const collectExternalIps = collectListed({
  name: 'external IPs',
  topic: 'externalIps',
  walks: [walkThrough('v1', 'services', 'Service')],
  schema: Service,
  fold: foldService,
});
