export const problem = {
  remedy: 'Cần làm gì:',
  code: 'Mã để báo cho người quản trị:',
  home: 'Về trang Hôm nay',
  notFound: {
    title: 'Không có trang này',
    what: 'Địa chỉ {path} không dẫn đến trang nào.',
    remedy: 'Kiểm tra lại địa chỉ, hoặc tìm bài báo bằng ô tìm kiếm.',
  },
  csrf: {
    title: 'Biểu mẫu đã hết hiệu lực',
    what: 'Thay đổi chưa được lưu: biểu mẫu được mở từ một phiên làm việc khác hoặc trước khi chương trình khởi động lại.',
    remedy: 'Quay lại trang trước, tải lại trang rồi gửi lại.',
  },
  limited: {
    title: 'Quá nhiều yêu cầu',
    what: 'Máy chủ nhận quá nhiều yêu cầu từ địa chỉ này.',
    remedy: 'Chờ vài phút rồi thử lại.',
  },
  request: {
    title: 'Yêu cầu không đúng',
    what: 'Máy chủ không hiểu yêu cầu này.',
    remedy: 'Quay lại trang trước và thử lại.',
  },
  server: {
    title: 'Chương trình gặp lỗi',
    what: 'Trang này chưa hiện được; dữ liệu không bị mất.',
    remedy: 'Thử lại sau ít phút. Nếu còn lỗi, báo cho người quản trị kèm mã bên dưới.',
  },
} as const
