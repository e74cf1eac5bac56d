// Where somebody was in the gallery of originals, to come back to.
export const whereabouts: { gallery: string; opened: string | null } = { gallery: '/uploads', opened: null };
