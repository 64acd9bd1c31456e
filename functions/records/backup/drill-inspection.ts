import * as z from 'zod';
import { DRILL_PREFIX, type DrillReference } from './drill.ts';
import { PlaceIdentity, UsedPlace } from './drill-place.ts';

/**
 * What whoever may read Helm releases saw of the place of a drill and of every environment, for those who may not:
 * names and addresses, and no value.
 */

const known = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value }),
    /** Without its dot. */
    z.object({ known: z.literal(false), why: z.string() }),
  ]);

export const DrillInspection = z.object({
  version: z.literal(1),
  drill: z.string(),
  /** The look of the drill that asked for it: another one asks anew. */
  look: z.string(),
  /** Of the release that stands there, resolved. */
  place: known(PlaceIdentity),
  /** Settings of mail that are on there, as their paths. */
  mail: known(z.object({ on: z.array(z.string()) })),
  used: z.array(UsedPlace),
  readAt: z.iso.datetime(),
});
export type DrillInspection = z.output<typeof DrillInspection>;

export const drillInspectionKind = { name: 'inspection of the place of a drill', schema: DrillInspection };
/** What drills of an environment learned on their way; it expires. */
export const drillFactPrefix = (environment: string): string => `${DRILL_PREFIX}${environment}/facts/`;
export const drillInspectionKey = ({ environment, id }: DrillReference): string =>
  `${drillFactPrefix(environment)}${id}/inspection.json`;
