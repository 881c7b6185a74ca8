export const evidence = {
  title: 'Ảnh chụp trang',
  hint: 'Chụp toàn trang khi hệ thống đọc phiên bản đó; không gồm nội dung do trang khác chèn vào (quảng cáo, video nhúng).',
  taken: 'Ảnh chụp trang lúc {time}, phiên bản {version}',
  file: 'Tải {format}',
  size: '{count} B',
  address: 'Địa chỉ hiển thị:',
  waiting: 'Phiên bản {version}: chưa chụp được ({reason}), sẽ thử lại lúc {time}.',
  givenUp: 'Phiên bản {version}: không chụp được ({reason}).',
  job: 'Chụp trang bài nhạy cảm',
  run: 'Đã chụp {taken} trang; {failed} trang sẽ thử lại, {givenUp} trang không chụp được.',
  damaged: {
    title: 'Ảnh chụp không còn nguyên vẹn',
    what: 'Tệp {file} bị thiếu hoặc không khớp mã SHA-256 đã ghi khi chụp, nên không được đưa ra.',
    remedy: 'Báo cho quản trị viên: khôi phục thư mục evidence từ bản sao lưu.',
  },
} as const
