export const web = {
  title: '{province} press monitor',
} as const
