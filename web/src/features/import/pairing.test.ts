import { describe, expect, it } from 'vitest';
import { isLitterFolder, kindOf } from './kinds';
import { byStem, matesOf, wasJoined } from './pairing';

describe('a file is judged by its name', () => {
  it.each([
    ['IMG_1.JPG', 'picture'],
    ['scan.tiff', 'picture'],
    ['IMG_1.CR2', 'raw'],
    ['a.b.dng', 'raw'],
    ['MVI_1.MOV', 'video'],
    ['IMG_1.xmp', 'sidecar'],
    ['notes.txt', 'other'],
    ['README', 'other'],
    ['._IMG_1.JPG', 'litter'],
    ['.DS_Store', 'litter'],
    ['Thumbs.db', 'litter'],
  ])('%s is %s', (name, kind) => expect(kindOf(name)).toBe(kind));

  it.each(['@eaDir', '$RECYCLE.BIN', '.Trashes', 'Previews.lrdata', '__MACOSX'])(
    'the folder %s holds no photos of anybody',
    (name) => expect(isLitterFolder(name)).toBe(true),
  );
  it.each(['2024', 'Trash the dress', '.hidden wedding'])('the folder %s may', (name) =>
    expect(isLitterFolder(name)).toBe(false),
  );
});

describe('mates', () => {
  it('are a raw file and a picture under one name, in whatever case', () => {
    const mates = matesOf(['IMG_1.CR2', 'img_1.jpg', 'IMG_2.CR2', 'IMG_3.jpg', 'IMG_3.mov', 'IMG_3.xmp']);
    expect([...mates]).toEqual([
      ['IMG_1.CR2', 'img_1.jpg'],
      ['img_1.jpg', 'IMG_1.CR2'],
    ]);
  });

  it('are not two pictures, nor two raw files', () => {
    expect(matesOf(['a.jpg', 'a.heic', 'b.cr2', 'b.dng']).size).toBe(0);
  });

  it('of a third file under the name, are what is of the other kind', () => {
    expect(matesOf(['a.dng', 'a.jpg', 'a.heic']).get('a.heic')).toBe('a.dng');
  });

  it('are neighbours in the order of sending, and numbers count as numbers', () => {
    const names = ['IMG_10.JPG', 'IMG_2.NEF', 'IMG_10.NEF', 'IMG_2.JPG', 'IMG_2a.JPG'];
    expect(names.sort(byStem)).toEqual(['IMG_2.JPG', 'IMG_2.NEF', 'IMG_2a.JPG', 'IMG_10.JPG', 'IMG_10.NEF']);
  });

  it('are joined only when the library put them into one photo', () => {
    expect(wasJoined({ photoId: 1, mate: 'a.jpg' }, { photoId: 1 })).toBe(true);
    expect(wasJoined({ photoId: 1, mate: 'a.jpg' }, { photoId: 2 })).toBe(false);
    expect(wasJoined({ photoId: 1, mate: 'a.jpg' }, undefined)).toBe(false);
    expect(wasJoined({}, {})).toBe(false);
  });
});
