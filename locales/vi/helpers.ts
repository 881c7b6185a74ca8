export const helpers = {
  translation: {
    title: 'Bản dịch máy',
    hint: 'Máy dịch ({translator}), có thể sai; nguyên văn ở trên là căn cứ. {who}, {at}.',
    offer: 'Bài viết bằng tiếng nước ngoài. Bản dịch máy chỉ để tham khảo và luôn đứng cạnh nguyên văn.',
    make: 'Dịch máy sang tiếng Việt',
    again: 'Dịch lại',
  },
  rewriting: {
    title: 'Bản viết lại',
    hint: 'Mô hình {model} viết lại bản tóm tắt; mỗi câu đã được đối chiếu con số, ngày tháng, tên riêng, lời trích với bài dẫn nguồn. {who}, {at}.',
    byModel: 'câu của mô hình',
    bySource: 'nguyên văn báo',
    rejected: '{count} câu của mô hình không đối chiếu được nên đã thay bằng nguyên văn.',
    failed: 'Mô hình không trả lời được ({message}); dưới đây là nguyên văn.',
    old: 'Bản tóm tắt đã được làm mới sau lần viết lại này.',
    make: 'Viết lại bằng mô hình ngôn ngữ',
    again: 'Viết lại lần nữa',
  },
  failed: 'Chưa làm được: {message}',
} as const
