export const web = {
  title: 'Theo dõi báo chí {province}',
} as const
