//! temp
use serde_json::Value;
use super::*;
use crate::object::*;
pub struct Story { s: Vec<StoryScene> }
pub struct StoryScene { v: Value }
impl StoryScene { pub fn value(&self)->&Value{&self.v} pub fn digest(&self)->Digest{Digest::Absent} pub fn index(&self)->usize{0} }
impl Story {
  pub fn scene(&self,_n:&str)->Option<&StoryScene>{None}
  pub fn scenes(&self)->&[StoryScene]{&self.s}
  pub fn part(&self,_p:&Part)->Option<Value>{None}
  pub fn cast_digest(&self)->Digest{Digest::Absent}
  pub fn stems(&self)->impl Iterator<Item=&str>{std::iter::empty()}
  pub fn member_slugs(&self)->Vec<String>{vec![]}
  pub fn place_slugs(&self)->Vec<String>{vec![]}
  pub fn read(_s:&Snapshot,_id:&FileId,_n:Option<&FileId>,_c:&[RepoPath])->Result<Self,ReadError>{Ok(Story{s:vec![]})}
}
