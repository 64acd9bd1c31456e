/**
 * How many Lambdas one execution spends on one archive at most. Each works until shortly before its time limit, 15
 * minutes, and keeps how far it came; whoever builds a machine around it reckons its history with these.
 */

/** 12 hours of reading: at 40 MB a second of inflated dumps a terabyte and a half, and millions of headers. */
export const MAX_VERIFY_SLICES = 48;
/** 12 hours of copying within S3: with 16 parts at once several tens of terabytes. */
export const MAX_COPY_SLICES = 48;
