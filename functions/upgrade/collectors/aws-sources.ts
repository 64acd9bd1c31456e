/** Said of everything that AWS would have told, in a terminal where nobody is signed in to it. */
export const NO_AWS = 'there are no AWS credentials here; sign in, or set AWS_PROFILE';
