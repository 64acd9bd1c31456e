/** All kinds of tag policies: a new one is a file and a line here. */

import { alphabetical } from './alphabetical.ts';
import { digest } from './digest.ts';
import { glob } from './glob.ts';
import { level } from './level.ts';
import { numerical } from './numerical.ts';
import { regex } from './regex.ts';
import { semver } from './semver.ts';

export const policyKinds = [semver, level, alphabetical, numerical, regex, glob, digest] as const;
