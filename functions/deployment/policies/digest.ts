/** `type: digest`: follow one tag, whose image changes. */

import * as z from 'zod';
import { refuseTag } from './candidate.ts';
import { createPicker } from './picker.ts';
import type { PolicyKind } from './policy-kind.ts';
import { readAs, unreadable } from './reading.ts';

const FollowedTag = z.string().superRefine((tag, context) => {
  const refusal = refuseTag(tag);
  if (refusal !== undefined) context.addIssue(`not a tag to follow: it ${refusal}`);
});

const schema = z.strictObject({
  type: z.literal('digest').meta({ description: 'One tag, followed wherever it moves.' }),
  tag: FollowedTag.meta({ description: 'The one tag.', examples: ['main', 'latest'] }),
});

/**
 * - Candidates: this tag and no other, also when it runs already; whether its digest changed is for the registry to say.
 * - Order, prereleases and ties: there is one candidate, so none. A tag that moves back to an older image is followed:
 *   that is what whoever moved it asked for.
 */
export const digest: PolicyKind<typeof schema> = {
  schema,
  compile: ({ tag }) =>
    createPicker(
      { allowDowngrade: true },
      {
        read: (key) => (key === tag ? readAs(key) : unreadable(`is not ${tag}, the tag that is followed`)),
        compare: () => 0,
        followsOneTag: true,
      },
    ),
};
